#include "core/text/tables/tables.h"

// The bytes that generate.cc wrote, placed as they are: compiling two megabytes of numbers would
// take seconds. The file depends on them in core/CMakeLists.txt.
__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    ".globl qingyu_text_tables\n"
    ".type qingyu_text_tables, @object\n"
    "qingyu_text_tables:\n"
    ".incbin \"" QINGYU_TEXT_TABLES
    "\"\n"
    ".size qingyu_text_tables, . - qingyu_text_tables\n"
    ".previous\n");
