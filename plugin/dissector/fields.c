/* fields.c
 * The lists of fields.h as tables.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"

#define FIELD_INFO(number, type, filter_name, name, description) {type, filter_name, name, description},
#define EXPERT_INFO(number, filter_name, summary) {filter_name, summary},

const struct eph_field_info eph_field_infos[] = {EPH_FIELDS(FIELD_INFO)};
const struct eph_expert_info eph_expert_infos[] = {EPH_EXPERTS(EXPERT_INFO)};
