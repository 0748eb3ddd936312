#include "alerting/consultation.h"

#include "alerting/saved.h"

namespace alerting {

void write(core::ByteWriter& out, const Consultation& c) {
  out.u64(c.running ? 1 : 0);
  out.str(c.reporter);
  out.u64(c.sensitivity);
  out.u64(c.asked.size());
  for (const std::string& person : c.asked) out.str(person);
  out.u64(c.advice.size());
  for (const Advice& a : c.advice) {
    out.time(a.at);
    out.str(a.person);
    out.u64(a.confirms ? 1 : 0);
    out.str(a.because);
  }
  write_maybe(out, c.due);
}

bool read(core::ByteReader& in, Consultation& c) {
  size_t n = 0;
  if (!read_within(in, c.running, 0, 1)) return false;
  c.reporter = in.str();
  if (!read_within(in, c.sensitivity, 0, 5)) return false;
  if (!read_count(in, n, Consultation::kPeersMax)) return false;
  c.asked.resize(n);
  for (std::string& person : c.asked) person = in.str();
  if (!read_count(in, n, Consultation::kPeersMax)) return false;
  c.advice.resize(n);
  for (Advice& a : c.advice) {
    if (!read_time(in, a.at)) return false;
    a.person = in.str();
    if (!read_within(in, a.confirms, 0, 1)) return false;
    a.because = in.str();
  }
  return read_maybe(in, c.due);
}

}  // namespace alerting
