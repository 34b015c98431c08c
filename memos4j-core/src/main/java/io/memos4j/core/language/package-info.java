/**
 * What the wording of a text tells, in English and Chinese, cheaply and without a model: sentences, statements, wishes,
 * doubts, changes, standing instructions. Rules here are about language, never about a data set; each errs to the side
 * of finding nothing.
 */
@NullMarked
package io.memos4j.core.language;

import org.jspecify.annotations.NullMarked;
