// Every cause on every rung as a person reads it: tests/alerting/messages/*.txt. A change of
// wording is a change of these; QINGYU_WRITE_GOLDEN=1 writes them anew.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "alerting/message.h"
#include "tests/alerting/message_story.h"

using core::Cause;

namespace {

std::string card(const core::Notification& n, const alerting::Extras& extras) {
  return alerting::plain_text(alerting::blocks_of(n, extras, {}));
}

// Compares with the file, or writes it.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(QINGYU_MESSAGES_DIR) + "/" + name + ".txt";
  if (const char* write = std::getenv("QINGYU_WRITE_GOLDEN"); write && *write == '1') {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream golden;
  golden << in.rdbuf();
  CHECK_MESSAGE(golden.str() == text, path);
}

}  // namespace

TEST_CASE("every cause on every rung reads as its golden text") {
  for (const Cause cause : fakes::kCauses) {
    std::string text;
    for (uint32_t rung = 1; rung <= fakes::kRungs; ++rung) {
      text += "=== rung " + std::to_string(rung) + "\n";
      text += card(fakes::story(cause, rung), {}) + "\n\n";
    }
    text += "=== rung 1, while rung 4 must act\n" + card(fakes::story(cause, 1, true), {}) + "\n\n";
    text += "=== rung 4, with links and similar cases\n" +
            card(fakes::story(cause, 4), fakes::story_extras(cause)) + "\n";
    check_golden(std::string(core::name_of(cause)), text);
  }
}

TEST_CASE("a digest reads as its golden text") {
  alerting::Extras extras = fakes::story_extras(Cause::Escalated);
  extras.digest = fakes::others(12);
  std::string text = "=== 12 others\n" + card(fakes::story(Cause::Escalated, 2), extras);
  extras.digest.resize(1);
  text += "\n\n=== one other\n" + card(fakes::story(Cause::Opened, 1), extras) + "\n";
  check_golden("digest", text);
}
