#define HOLD_SBLOCK
#define FLUSHERS_SBLOCK
#include "putback.pml"
