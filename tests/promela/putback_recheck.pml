#define RECHECK
#include "putback.pml"
