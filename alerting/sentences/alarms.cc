// What the system says of itself, and of attempts on people's PINs.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"pin_locked",
     "您的 PIN 在消息链接上连续输错 {tries} 次，已锁定 "
     "{minutes:span}；如果不是您本人操作，请立即更换",
     "{tries:wrong PIN} in a row on your links, locked for {minutes:span}; if it was not you, "
     "change "
     "it now"},
    {"channel_sick", "渠道 {channel:text}：{line:words}", "channel {channel:text}: {line:words}"},
};

}  // namespace

std::span<const Row> alarms() { return kRows; }

}  // namespace alerting::sentences
