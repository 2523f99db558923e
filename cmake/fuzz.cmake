# SPDX-License-Identifier: BSD-2-Clause
# The libFuzzer target (needs clang and its compiler-rt). Only the sources that it needs: no SimGrid,
# no command line.
file(GLOB_RECURSE fuzz_sim_sources CONFIGURE_DEPENDS sim/base/*.cpp sim/observe/*.cpp
     sim/machine/*.cpp sim/explore/*.cpp)
set(fuzz_sources tests/fuzz/replay_fuzz.cpp ${fuzz_sim_sources} ${models_sources}
    sim/engine/agenda.cpp sim/engine/engine.cpp sim/engine/fiber.cpp sim/engine/fiber_engine.cpp
    "${build_info_source}" "${embedded_profiles_source}")
list(FILTER fuzz_sources EXCLUDE REGEX "/models/(simulation|timed_search)\\.cpp$")
add_executable(sockbufsim_replay_fuzz ${fuzz_sources})
target_include_directories(sockbufsim_replay_fuzz SYSTEM PRIVATE "${RANDOM123_INCLUDE_DIR}")
target_compile_options(sockbufsim_replay_fuzz PRIVATE -O1 -g -fsanitize=fuzzer,address,undefined
  -fno-sanitize-recover=undefined)
# By which the fibers tell AddressSanitizer of their stacks; clang defines it from version 19 on.
target_compile_definitions(sockbufsim_replay_fuzz PRIVATE __SANITIZE_ADDRESS__=1)
target_link_options(sockbufsim_replay_fuzz PRIVATE -fsanitize=fuzzer,address,undefined)
target_link_libraries(sockbufsim_replay_fuzz PRIVATE sockbufsim_options fmt::fmt PkgConfig::PCAP
  Boost::headers Boost::context nlohmann_json::nlohmann_json)
add_dependencies(sockbufsim_replay_fuzz sockbufsim_build_info)
