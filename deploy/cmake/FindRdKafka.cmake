# Gives the target RdKafka::rdkafka: the system's librdkafka when it is at least 2.3, else the one
# that deploy/librdkafka.sh has built in build/librdkafka/ (Debian 12's 2.0.2 starves a bounded
# queue).
if(TARGET RdKafka::rdkafka)
  set(RdKafka_FOUND TRUE)
  return()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(SystemRdKafka QUIET IMPORTED_TARGET GLOBAL rdkafka>=2.3)
endif()
if(SystemRdKafka_FOUND)
  add_library(RdKafka::rdkafka INTERFACE IMPORTED GLOBAL)
  target_link_libraries(RdKafka::rdkafka INTERFACE PkgConfig::SystemRdKafka)
  set(RdKafka_FOUND TRUE)
  return()
endif()

get_filename_component(BuiltRdKafka ${CMAKE_CURRENT_LIST_DIR}/../../build/librdkafka ABSOLUTE)
if(NOT EXISTS ${BuiltRdKafka}/built-from)
  set(RdKafka_FOUND FALSE)
  if(RdKafka_FIND_REQUIRED)
    message(FATAL_ERROR "no librdkafka of 2.3 or more: run  bash deploy/librdkafka.sh  once")
  endif()
  return()
endif()

find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
pkg_check_modules(RdKafkaNeeds REQUIRED QUIET IMPORTED_TARGET GLOBAL liblz4 libzstd libsasl2)
add_library(RdKafka::rdkafka STATIC IMPORTED GLOBAL)
set_target_properties(RdKafka::rdkafka PROPERTIES
  IMPORTED_LOCATION ${BuiltRdKafka}/lib/librdkafka.a
  INTERFACE_INCLUDE_DIRECTORIES ${BuiltRdKafka}/include
  INTERFACE_COMPILE_DEFINITIONS LIBRDKAFKA_STATICLIB)
target_link_libraries(RdKafka::rdkafka INTERFACE CURL::libcurl ZLIB::ZLIB OpenSSL::SSL
  OpenSSL::Crypto PkgConfig::RdKafkaNeeds Threads::Threads m dl)
set(RdKafka_FOUND TRUE)
