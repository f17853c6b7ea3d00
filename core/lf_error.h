/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as text: a buffer for one has LF_ERR_LEN bytes. */
#ifndef LF_ERROR_H
#define LF_ERROR_H

#define LF_ERR_LEN  512

#endif /* LF_ERROR_H */
