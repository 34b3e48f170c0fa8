#include "CTreeTesting.h"
