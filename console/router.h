#pragma once
// Which page answers what: one row each.
#include "console/console.h"

namespace console {

class Router {
 public:
  static Response route(Console& console, const Request& request);
};

}  // namespace console
