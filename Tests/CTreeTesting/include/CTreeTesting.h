// Thin C functions for the independent comparer.
#ifndef CTREETESTING_H
#define CTREETESTING_H
#include <stdint.h>
#endif
