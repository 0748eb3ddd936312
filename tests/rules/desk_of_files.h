#pragma once
// DeskOfFiles: a folder of rule files written by a test, and what the loader and the judge make of
// them. What a test does not write has a small default.
#include <string>
#include <string_view>
#include <vector>

#include "rules/book.h"

namespace rules_test {

inline constexpr size_t kTooLarge = 2 << 20;  // bytes: more than a YAML file may have

struct Said {  // a message; what a test does not say is plain chat
  std::string text = {};
  core::Kind kind = core::Kind::Chat;
  core::Role role = core::Role::None;
  std::string id = "e1", author = "u1", channel = "g1";
  std::string customer = {}, order = {}, forward_of = {};
  uint8_t reported_level = 0;
  std::string platform = {};
  int64_t at_ms = 1'700'000'000'000;
  std::vector<core::Attachment> attachments = {};
};

class DeskOfFiles {
 public:
  DeskOfFiles();
  ~DeskOfFiles();
  DeskOfFiles(const DeskOfFiles&) = delete;
  DeskOfFiles& operator=(const DeskOfFiles&) = delete;

  // Writes a file of the folder: "pack.yaml", "lists.yaml", "catalogue/catalogue.csv" ...
  void write(const std::string& name, std::string_view text);
  // A pack with one rule `r` of issue expiry whose `when:` is the given text, and no examples but
  // one that hits and one that misses.
  void write_rule(std::string_view when, std::string_view hit, std::string_view more = "");
  // Two brands, three merchants, two stores.
  void write_catalogue();

  // Loads; the Book is null when there is an error.
  void load();
  // Loads, fails the test with the findings when there is an error, and makes a judge.
  void open();

  std::vector<core::Signal> judge(const Said& said);
  std::vector<core::Signal> judge(const std::string& text) { return judge(Said{.text = text}); }
  // "brand:沐禾[near-expiry] courier:顺丰速运[]": families in order with the rules that hit.
  std::string families(const Said& said);
  std::string families(const std::string& text) { return families(Said{.text = text}); }
  // "SKU1 500 SKU2 500" of the first signal, "" without one.
  std::string votes(const std::string& text);
  bool hits(const std::string& text);  // whether any rule hits

  // All findings as printed, the folder's path taken out.
  std::string printed() const;
  // "code code ..." of the findings.
  std::string codes() const;

  rules::BookFiles files;
  std::shared_ptr<const rules::Book> book;
  std::vector<rules::Finding> findings;

 private:
  std::string folder_;
  std::unique_ptr<rules::Judge> judge_;
};

}  // namespace rules_test
