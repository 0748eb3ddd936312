#pragma once
// The YAML files that fill a core::Policy: taxonomy, ladders and people, limits. Each reader
// reports every mistake it sees and keeps what is good.
#include <map>
#include <string>
#include <vector>

#include "core/policy.h"
#include "rules/reading.h"
#include "rules/zones.h"

namespace rules {

// A name that one file uses and another must define; looked up when all files are read.
struct Reference {
  std::string name;
  Place place;
};

struct Taxonomy {
  std::map<std::string, core::Issue, std::less<>> issues;
  std::vector<std::string> departments, stages;  // the words that rules may use
  std::vector<Reference> ladders;                // of the issues
};
Taxonomy read_taxonomy(const SourceFile& file, Findings& findings);

// ladders.yaml. Everybody whom a part of it names is in it.
struct LaddersAndPeople {
  std::map<std::string, core::Ladder, std::less<>> ladders;  // with "default"
  std::map<std::string, core::Person, std::less<>> people;
  std::map<std::string, core::RoleHolders, std::less<>> roles;
  std::map<std::string, core::Rota, std::less<>> rotas;
  std::vector<core::ResponseOption> options;
  std::map<std::string, core::ResponseAction, std::less<>> actions;
  std::vector<core::Inhibition> inhibitions;
  std::vector<core::MuteTime> mute_times;
  int64_t four_eyes_over_cny = -1;
  std::string fallback_person;
};
LaddersAndPeople read_ladders(const SourceFile& file, Zones& zones, Findings& findings);

// `learned` is left alone: baselines are a file of their own.
void read_limits(const SourceFile& file, Findings& findings, core::Limits& limits);

// The keys of every object of these files.
Schema taxonomy_schema();
Schema ladders_schema();
Schema limits_schema();

}  // namespace rules
