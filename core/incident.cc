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

namespace {

void write(ByteWriter& out, const Interval& i) {
  for (const int64_t n : {i.low, i.middle, i.high}) out.i64(n);
}

Interval read_interval(ByteReader& in) {
  Interval i;
  for (int64_t* n : {&i.low, &i.middle, &i.high}) *n = in.i64();
  return i;
}

}  // namespace

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
  write(out, c.loss_range_cny);
  write(out, c.people_in_6h);
  out.i64(c.threats);
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
  c.loss_range_cny = read_interval(in);
  c.people_in_6h = read_interval(in);
  c.threats = in.i64();
  c.first_at = in.time();
  c.previous = in.str();
  c.because = read_because(in);
  return c;
}

void write(ByteWriter& out, const DecisionEntry& e) {
  out.time(e.at);
  for (const std::string* s : {&e.incident, &e.family}) out.str(*s);
  out.u64(e.revision);
  out.u64(e.number);
  for (const std::string* s : {&e.what, &e.by, &e.door, &e.option}) out.str(*s);
  write(out, Because{e.because, e.figures});
  for (const std::string* s : {&e.previous, &e.hash}) out.str(*s);
}

DecisionEntry read_decision_entry(ByteReader& in) {
  DecisionEntry e;
  e.at = in.time();
  for (std::string* s : {&e.incident, &e.family}) *s = in.str();
  e.revision = static_cast<uint32_t>(in.u64());
  e.number = in.u64();
  for (std::string* s : {&e.what, &e.by, &e.door, &e.option}) *s = in.str();
  Because rest = read_because(in);
  e.because = std::move(rest.code);
  e.figures = std::move(rest.figures);
  for (std::string* s : {&e.previous, &e.hash}) *s = in.str();
  return e;
}

}  // namespace core
