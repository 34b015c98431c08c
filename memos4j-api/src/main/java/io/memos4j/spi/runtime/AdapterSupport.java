package io.memos4j.spi.runtime;

/**
 * Support of adapters by a runtime.
 *
 * @param together how many may be applied at once; 0 if none can be
 * @param scaled whether a scale other than 1 can be asked for
 */
public record AdapterSupport(int together, boolean scaled) {
    public static final AdapterSupport NONE = new AdapterSupport(0, false);
}
