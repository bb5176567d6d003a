/* config.h
 * Stands in for the config.h of Wireshark's own build, which the headers of 4.0 want but do not bring.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define HAVE_PLUGINS 1
