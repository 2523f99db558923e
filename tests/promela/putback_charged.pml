#define KEEP_CHARGED
#include "putback.pml"
