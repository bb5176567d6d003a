/* signs.h
 * For headers.rs: each function of include/epan.h as the release declares it, and as we do, with "ours_" before its
 * name and the release's own types.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#define EPAN_FN(result, name, arguments) result ours_##name arguments;
#include "../../include/epan.h"
