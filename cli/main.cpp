// SPDX-License-Identifier: BSD-2-Clause
#include "cli/program.hpp"

int main(int argc, char** argv) { return cli::run_program(argc, argv); }
