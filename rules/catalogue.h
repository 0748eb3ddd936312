#pragma once
// The catalogue's four CSV files and the baselines of `qingyu learn`.
#include <deque>
#include <set>
#include <string>

#include "core/policy.h"
#include "rules/findings.h"
#include "rules/sources.h"

namespace rules {

struct CatalogueFiles {
  core::Catalogue catalogue;
  std::set<std::string, std::less<>> service_channels;  // groups.csv, column `service`
};

// catalogue.csv: sku,name,aliases(a|b),brand,merchant,department,category,unit_price_cny,
// units_sold_7d. groups.csv: group_id,name,members,service. merchants.csv: merchant_id,name.
// stores.csv: store_id,name. A merchant that only catalogue.csv names gets its name as id.
CatalogueFiles read_catalogue(const std::deque<SourceFile>& sources, Findings& findings);

// Lines "family <tab> a <tab> b_hours" after a first line "# qingyu baselines 1"; the numbers are
// decimal and come back bit for bit. The writing half is write_baselines() in book.h.
void read_baselines(const SourceFile& file, Findings& findings, core::Limits& limits);

}  // namespace rules
