#ifndef CK_CPU_H
#define CK_CPU_H
/// Instruction sets the float kernels are compiled for; `NAME_at(level, ...)` runs one of them, `NAME(...)` the best.
enum { CK_PLAIN = 0, CK_AVX2 = 1, CK_AVX512 = 2 };

/// The highest level this CPU can run.
int ck_cpu_level(void);
#endif
