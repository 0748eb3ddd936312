#pragma once
// The decoders that exist: one file each beside this one, one row each in ingest/decode.cc.
#include <memory>

#include "ingest/decode.h"

namespace ingest {

std::unique_ptr<Decoder> make_qingyu();   // the project's own event line
std::unique_ptr<Decoder> make_archive();  // that line out of the archive of masked events
std::unique_ptr<Decoder> make_wecom();  // enterprise WeChat chat archive (会话存档), decrypted
std::unique_ptr<Decoder> make_weibo();  // Weibo statuses and comments

}  // namespace ingest
