package io.memos4j.core.extraction;

/**
 * A claim as one value of one property, so that a later value can replace it.
 *
 * @param subject who or what has the property, for example {@code Alice}
 * @param name the property, for example {@code home city}
 * @param value its value, for example {@code Oslo}
 */
public record AttributeValue(String subject, String name, String value) {}
