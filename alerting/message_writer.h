#pragma once
// Writes one message; every function adds the lines that its name says, or none. message.cc holds
// the order of the lines, message_card.cc what is known of the incident and what may be done,
// message_asks.cc what is asked of the reader, message_report.cc what is told of others.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerting/message.h"

namespace alerting {

// What goes when it gets tight: the smaller number first. Quotes beyond the first go before
// figures, figures before options; what must stay has no number.
enum class Weight : uint8_t {
  English = 10,
  LaterQuotes = 18,
  Others = 24,
  Similar = 30,
  FirstQuote = 36,
  Evidence = 38,
  Golden = 40,
  Answer = 44,
  Link = 48,
  Item = 50,
  Ask = 56,
  Waiting = 60,
  Unknown = 64,
  Speed = 68,
  Spread = 72,
  Option = 76,
  Money = 84,
  Chosen = 90,
};

inline constexpr Room kNameRoom = {30, 120};  // names of products, issues, groups of people
inline constexpr Room kWhoRoom = {20, 80};    // names and ids of persons and rungs
inline constexpr Room kIdRoom = {60, 160};
inline constexpr size_t kTextMin = 12;  // graphemes of a title or reason that always stay

class MessageWriter {
 public:
  MessageWriter(const core::Notification& n, const Extras& extras, const Reading& reading)
      : n_(n), extras_(extras), reading_(reading) {}

  std::vector<Block> write();

 private:
  bool neutral() const { return reading_.level == Degrade::Neutral; }
  bool ends() const { return n_.cause == core::Cause::AllClear; }
  bool decided() const { return n_.cause == core::Cause::Decided; }
  bool asks() const;    // something is asked of this reader
  bool climbs() const;  // it is told on the way up the ladder
  bool decides() const { return asks() && n_.decide_by != core::Time{}; }
  bool waits_for_decision() const;
  bool short_form() const { return decides() || !asks(); }
  bool informed() const { return n_.rung < n_.incident.rung; }  // a higher rung must act
  std::string id() const { return clipped(one_line(n_.incident.incident), kIdRoom); }
  std::string who() const { return clipped(one_line(n_.person), kWhoRoom); }
  std::string rung_name() const { return quotable(n_.incident.rung_name, kWhoRoom); }
  std::string local(core::Time at) const { return moment(at, reading_.zone_offset_minutes); }
  std::string zone() const { return zone_name(reading_.zone_offset_minutes, Language::Chinese); }
  std::string what() const;
  std::string what_happened() const;
  std::string what_happened_in_english() const;
  bool has_link(std::string_view action) const;

  Block& add(Part part, std::string label, std::string text);  // mandatory
  void add(Weight weight, Part part, std::string label, std::string text, size_t nth = 0);

  // message.cc
  void title();
  void reference();
  void reason();
  void words();
  void english();
  // message_card.cc
  void spread();
  void speed();
  void money();
  void unknown();
  void options();
  void waiting();
  void golden();
  void similar();
  void others();
  void quotes();
  // message_asks.cc
  void deadlines();
  void ask();
  void links();
  void answers();
  // message_report.cc
  void chosen();
  void action();
  void facts();
  void digest();

  const core::Notification& n_;
  const Extras& extras_;
  const Reading& reading_;
  std::vector<Block> blocks_;
};

// "第 3 级"
std::string rung_in_words(uint32_t rung);
// "约 1,204,000 元（600,000–2,300,000 元）"; without a range only the middle. -1: not known.
std::string cost_in_words(const core::Interval& cost);
// A figure of a briefing or a review: label and value, by the endings of its name (_cny, _minutes,
// _permille, _at); a name without a word for it stands as it is.
std::pair<std::string, std::string> fact_in_words(const core::Figure& figure,
                                                  int zone_offset_minutes);

}  // namespace alerting
