# SPDX-License-Identifier: BSD-2-Clause
# The generated sources: who built this (build_info.cpp), the machine profiles and the parts of HTML
# pages. Sets build_info_source, embedded_profiles_source and embedded_page_source.
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

# embed(VARIABLE FUNCTION HEADER NAME FILE...): the source VARIABLE holds the files; see
# embed_files.cmake for the rest.
function(embed variable function header name)
  get_filename_component(namespace "${function}" DIRECTORY)
  get_filename_component(function "${function}" NAME)
  set(source "${generated_dir}/${function}.cpp")
  # The list stands in the command so that removing a file runs it again.
  string(REPLACE ";" "|" list "${ARGN}")
  add_custom_command(
    OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}"
      "-DFILES=${list}"
      "-DNAMESPACE=${namespace}"
      "-DFUNCTION=${function}"
      "-DHEADER=${header}"
      "-DNAME=${name}"
      "-DOUTPUT=${source}"
      -P "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
    DEPENDS ${ARGN} "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
    COMMENT "Embedding files: ${function}"
    VERBATIM)
  set(${variable} "${source}" PARENT_SCOPE)
endfunction()

file(GLOB profile_files CONFIGURE_DEPENDS scenarios/machines/*.json)
embed(embedded_profiles_source models/embedded_profiles models/scenario/embedded.hpp NAME_WLE
      ${profile_files})

# Chart.js, for the HTML reports (docs/decisions/0014-chart-js.md).
find_file(SOCKBUFSIM_CHART_JS chart.min.js
  PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist NO_DEFAULT_PATH)
mark_as_advanced(SOCKBUFSIM_CHART_JS)
if(NOT SOCKBUFSIM_CHART_JS)
  message(FATAL_ERROR "Chart.js is missing: install Debian's libjs-chart.js, or say where "
    "chart.min.js is with -DSOCKBUFSIM_CHART_JS=FILE")
endif()
file(GLOB page_files CONFIGURE_DEPENDS cli/html/page/*.js cli/html/page/*.css)
embed(embedded_page_source cli/embedded_page_parts cli/html/assets.hpp NAME
      ${page_files} "${SOCKBUFSIM_CHART_JS}")
