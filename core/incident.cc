#include "core/incident.h"

namespace core {

void write(ByteWriter& out, const Because& because) {
  out.str(because.code);
  out.u64(because.figures.size());
  for (const Figure& f : because.figures) {
    out.str(f.name);
    out.i64(f.number);
    out.str(f.text);
  }
}

Because read_because(ByteReader& in) {
  Because because;
  because.code = in.str();
  because.figures.resize(in.count());
  for (Figure& f : because.figures) {
    f.name = in.str();
    f.number = in.i64();
    f.text = in.str();
  }
  return because;
}

void write(ByteWriter& out, const IncidentChange& c) {
  out.time(c.at);
  out.str(c.incident);
  out.u64(c.revision);
  out.str(c.family);
  out.str(c.subject);
  out.u64(c.products.size());
  for (const ProductVotes& p : c.products) {
    out.str(p.sku);
    out.i64(p.votes_permille);
  }
  out.str(c.issue);
  out.u64(static_cast<uint64_t>(c.level));
  out.u64(static_cast<uint64_t>(c.state));
  out.u64(c.rung);
  out.str(c.rung_name);
  for (const int64_t n : {c.groups, c.people, c.loss_cny, c.doubling_minutes, c.messages, c.copies})
    out.i64(n);
  out.time(c.first_at);
  out.str(c.previous);
  write(out, c.because);
}

IncidentChange read_incident_change(ByteReader& in) {
  IncidentChange c;
  c.at = in.time();
  c.incident = in.str();
  c.revision = static_cast<uint32_t>(in.u64());
  c.family = in.str();
  c.subject = in.str();
  c.products.resize(in.count());
  for (ProductVotes& p : c.products) {
    p.sku = in.str();
    p.votes_permille = in.i64();
  }
  c.issue = in.str();
  c.level = static_cast<Level>(in.u64());
  c.state = static_cast<IncidentState>(in.u64());
  c.rung = static_cast<uint32_t>(in.u64());
  c.rung_name = in.str();
  for (int64_t* n :
       {&c.groups, &c.people, &c.loss_cny, &c.doubling_minutes, &c.messages, &c.copies})
    *n = in.i64();
  c.first_at = in.time();
  c.previous = in.str();
  c.because = read_because(in);
  return c;
}

}  // namespace core
