/**
 * Trainers outside of this process: a program that is started here, or a service over HTTP.
 *
 * <p>Their contract is in {@code docs/producers.md}. Neither is trusted: only the two files of an adapter are accepted,
 * copied, validated, compared with the request, and only then moved to their place.
 */
@NullMarked
package io.memos4j.trainer.external;

import org.jspecify.annotations.NullMarked;
