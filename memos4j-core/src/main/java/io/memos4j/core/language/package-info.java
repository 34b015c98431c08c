/**
 * Recognition of statements, requests, preferences, reliability and changes by the wording of a text, without a model.
 * The rules are data: one resource pack per language. They are about language, never about a data set, and rather find
 * nothing than something wrong.
 */
@NullMarked
package io.memos4j.core.language;

import org.jspecify.annotations.NullMarked;
