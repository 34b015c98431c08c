package io.memos4j.http;

/**
 * A server-sent event.
 *
 * @param type the field {@code event}; {@code message} if there was none
 * @param data the lines of the fields {@code data}, joined by line feeds
 * @param lastEventId the last field {@code id} of the stream so far; empty if there was none
 */
public record ServerSentEvent(String type, String data, String lastEventId) {}
