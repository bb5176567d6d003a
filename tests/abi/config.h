/* config.h
 * Stands in for the config.h of Wireshark's own build, which the headers of 4.0 want but do not bring.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define HAVE_PLUGINS 1
