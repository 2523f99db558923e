# SPDX-License-Identifier: BSD-2-Clause
# The libFuzzer target. It needs clang, and libraries that were compiled with -fsanitize=fuzzer-no-link:
# the preset asan has both.
add_executable(sockbufsim_replay_fuzz tests/fuzz/replay_fuzz.cpp)
target_link_options(sockbufsim_replay_fuzz PRIVATE -fsanitize=fuzzer)
target_link_libraries(sockbufsim_replay_fuzz PRIVATE sockbufsim_models)
