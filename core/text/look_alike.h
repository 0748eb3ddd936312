#pragma once
// Look-alikes inside tokens (DESIGN 11.9). A token is a run of folded Latin, Greek, Cyrillic
// letters and digits. What is changed, and what survives on purpose:
//   - Greek and Cyrillic letters that look Latin, in a token that also holds another script or a
//     digit. A token of one script stays: it is Greek, or Russian.
//   - 0 and 00 between Latin letters become o: p0rn, g00gle.
//   - 1 between Latin letters, at least two of them on its left, becomes l: he1lo, wor1d.
// So 12315, A4, 5G, 100ml, iPhone15, mate10pro, x1carbon, h1n1, b2b and 12315app stay as they are:
// digits at the edge of a token are quantities and models, and one letter before a digit is a
// model.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace core::text {

// Works in place on folded characters; folding twice changes nothing. Adds the places of those it
// changed to `changed`.
void unify_look_alikes(char32_t* chars, size_t n, std::vector<uint32_t>& changed);

}  // namespace core::text
