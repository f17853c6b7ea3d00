/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as text: a buffer for one has ERROR_LEN bytes at least. */
#ifndef ERROR_H
#define ERROR_H

#define ERROR_LEN  512

#endif /* ERROR_H */
