#pragma once
// House: all that a very small company needs to run the program - settings, one rule, a ladder of
// two rungs, a catalogue - in a folder of the test's own, and the program run on it, to the end of
// its events or as a daemon that follows them.
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/replay/program.h"
#include "tests/servers.h"

namespace tests {

class House {
 public:
  House();

  std::string file(const std::string& name) const { return folder_.file(name); }
  const std::string& folder() const { return folder_.path(); }
  std::string store() const { return file("live.db"); }
  // `source`: more keys of its file source, as in "follow: true"; `more`: more of the settings.
  void settings(const std::string& source, const std::string& more = "");

  // A message of group `group` in the given minute, to be appended to the events.
  static std::string message(int minute, int group, const std::string& text);
  // A line of the events with these keys added to id, ts and kind.
  static std::string line(int minute, const std::string& kind, const std::string& keys);
  // `groups` groups from `first` on complain, one a minute.
  static std::string complaints(int minute, int first, int groups);
  void add(const std::string& lines);  // to the events

  Said command(std::vector<std::string> words);  // `qingyu ...` on this house's store
  Ran run_to_end();
  void start(const std::string& speed = "1");  // the daemon
  int stop();                                  // with SIGTERM
  Child& daemon() { return *daemon_; }
  std::string log() const { return read_file(file("daemon.log")); }
  // Fails the test when it does not come about.
  void wait_until(const std::string& what, const std::function<bool()>& come);

  std::vector<nlohmann::json> incidents();  // of `incidents --all --json`
  std::string incident();                   // the id of the only one
  std::vector<nlohmann::json> ledger();     // of the only one, by `show --json`
  std::string states();                     // of it, one a revision: "open acknowledged "
  nlohmann::json status();
  std::vector<nlohmann::json> dead_letters() const;

 private:
  Temporary folder_;
  std::unique_ptr<Child> daemon_;
};

// A JSON value a line.
std::vector<nlohmann::json> json_lines(const std::string& text);

}  // namespace tests
