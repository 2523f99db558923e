# SPDX-License-Identifier: BSD-2-Clause
# The test program, and one ctest test for each Catch2 test case.
find_package(Catch2 REQUIRED)
file(GLOB test_sources CONFIGURE_DEPENDS tests/*_test.cpp)
file(GLOB_RECURSE test_support_sources CONFIGURE_DEPENDS tests/support/*.cpp)

add_executable(sockbufsim_tests ${test_sources} ${test_support_sources})
# The test program brings its own copies of the files that can be mutated: their objects come before
# the library's.
set(mutable_sources models/close_path.cpp models/reader.cpp models/sockbuf.cpp models/socket.cpp
  models/tcp.cpp models/receive/common.cpp models/receive/generic.cpp models/receive/per_packet.cpp
  models/receive/putback.cpp models/receive/stream_inplace.cpp models/socket_lock.cpp)
target_sources(sockbufsim_tests PRIVATE ${mutable_sources})
set_source_files_properties(${mutable_sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_compile_definitions(sockbufsim_tests PRIVATE
  SOCKBUFSIM_MUTATIONS
  SOCKBUFSIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
  SOCKBUFSIM_BINARY_DIR="${PROJECT_BINARY_DIR}"
  SOCKBUFSIM_PROGRAM="$<TARGET_FILE:sockbufsim>")
target_link_libraries(sockbufsim_tests PRIVATE sockbufsim_cli_lib Boost::headers)
add_dependencies(sockbufsim_tests sockbufsim)

# Under the sanitizers the checks of the test files themselves, which are most of what there is to
# compile, need no optimiser: a third of the time to build, and every check stays.
if(CMAKE_BUILD_TYPE STREQUAL "Asan")
  target_compile_options(sockbufsim_tests PRIVATE -O0)
  set_source_files_properties(${mutable_sources} PROPERTIES COMPILE_OPTIONS "-O1")
endif()

# Catch2 2 (Debian 12) takes its main from tests/support/main.cpp, Catch2 3 brings one.
if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
  set(catch_major 3)
  target_link_libraries(sockbufsim_tests PRIVATE Catch2::Catch2WithMain)
else()
  set(catch_major 2)
  target_link_libraries(sockbufsim_tests PRIVATE Catch2::Catch2)
  # Catch2's own code: a minute to compile under the sanitizers, and nothing of ours to find in it.
  set_source_files_properties(tests/support/main.cpp PROPERTIES
    COMPILE_OPTIONS "-fno-sanitize=all")
endif()

# catch_discover_tests cannot give labels from tags on Catch2 2, hence a script of our own. It asks
# the program for its test cases after each link.
set(test_list "${PROJECT_BINARY_DIR}/sockbufsim_tests.ctest.cmake")
add_custom_command(TARGET sockbufsim_tests POST_BUILD
  COMMAND "${CMAKE_COMMAND}"
    "-DPROGRAM=$<TARGET_FILE:sockbufsim_tests>"
    "-DCATCH_MAJOR=${catch_major}"
    "-DGROUPS=$<IF:$<CONFIG:Asan>,40,0>"
    "-DWORKING_DIR=${PROJECT_SOURCE_DIR}"
    "-DOUTPUT=${test_list}"
    -P "${PROJECT_SOURCE_DIR}/cmake/discover_tests.cmake"
  BYPRODUCTS "${test_list}"
  COMMENT "Listing the test cases"
  VERBATIM)
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY TEST_INCLUDE_FILES "${test_list}")

include(cmake/promela.cmake)
include(cmake/distributed.cmake)
include(cmake/browser.cmake)
