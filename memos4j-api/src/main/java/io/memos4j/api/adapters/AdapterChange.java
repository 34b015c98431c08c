package io.memos4j.api.adapters;

import io.memos4j.api.Actor;
import java.time.Instant;

/**
 * One step in the history of a cube's adapters.
 *
 * @param adapter which one
 * @param state in which it has been since
 * @param why in a sentence
 * @param actor who made it
 * @param at when
 */
public record AdapterChange(AdapterId adapter, AdapterState state, String why, Actor actor, Instant at) {}
