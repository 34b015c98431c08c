/**
 * Adapters from outside: trained by a program that is started here, or by a service that is asked over HTTP.
 *
 * <p>What they are told and what they must answer is in {@code docs/producers.md}. Neither is trusted: only the two
 * files of an adapter are taken, copied, read as a stranger's, held against what was asked for, and only then put in
 * their place.
 */
@NullMarked
package io.memos4j.trainer.external;

import org.jspecify.annotations.NullMarked;
