# SPDX-License-Identifier: BSD-2-Clause
# The two generated sources: who built this (build_info.cpp) and the machine profiles
# (embedded_profiles.cpp). Sets build_info_source and embedded_profiles_source.
set(generated_dir "${PROJECT_BINARY_DIR}/generated")

# The commit is asked for at each build, but the file changes only with the answer, so a commit
# costs one small compilation and a link.
set(build_info_source "${generated_dir}/build_info.cpp")
add_custom_target(sockbufsim_build_info
  COMMAND "${CMAKE_COMMAND}"
    "-DSOURCE_DIR=${PROJECT_SOURCE_DIR}"
    "-DTEMPLATE=${PROJECT_SOURCE_DIR}/cmake/build_info.cpp.in"
    "-DOUTPUT=${build_info_source}"
    "-DVERSION=${PROJECT_VERSION}"
    "-DBUILD_TYPE=${CMAKE_BUILD_TYPE}"
    "-DSIMGRID_VERSION=${SIMGRID_VERSION}"
    -P "${PROJECT_SOURCE_DIR}/cmake/write_build_info.cmake"
  BYPRODUCTS "${build_info_source}"
  COMMENT "Asking git for the commit"
  VERBATIM)

file(GLOB profile_files CONFIGURE_DEPENDS scenarios/machines/*.json)
set(embedded_profiles_source "${generated_dir}/embedded_profiles.cpp")
# The list stands in the command so that removing a profile runs it again.
string(REPLACE ";" "|" profile_list "${profile_files}")
add_custom_command(
  OUTPUT "${embedded_profiles_source}"
  COMMAND "${CMAKE_COMMAND}"
    "-DFILES=${profile_list}"
    "-DOUTPUT=${embedded_profiles_source}"
    -P "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
  DEPENDS ${profile_files} "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
  COMMENT "Embedding the machine profiles"
  VERBATIM)
