package io.memos4j.http;

import java.net.URI;
import java.util.function.Function;

/** Checks addresses and keys of servers before a call is made. */
public final class HttpEndpoints {
    private HttpEndpoints() {}

    /**
     * Returns an address of a server, which has the scheme {@code http} or {@code https}, a host, and no user.
     *
     * @param owner whose it is, such as {@code a server}, for the message
     * @param invalid makes the exception to throw
     */
    public static URI requireAddress(URI address, String owner, Function<String, ? extends RuntimeException> invalid) {
        boolean http = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
        if (!http || address.getHost() == null) {
            throw invalid.apply("The address of " + owner + " must start with http:// or https:// and name a host.");
        }
        if (address.getRawUserInfo() != null) {
            throw invalid.apply("The address of " + owner + " must not hold a user or password; pass the key instead.");
        }
        return address;
    }

    /** Returns what {@link #requireAddress} does, and refuses a query or fragment: paths are added to it. */
    public static URI requireBase(URI address, String owner, Function<String, ? extends RuntimeException> invalid) {
        requireAddress(address, owner, invalid);
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw invalid.apply("The address of " + owner + " must not hold a query or fragment.");
        }
        return address;
    }

    /**
     * Returns a key without the white space around it. The key appears in no message: the JDK would print one that no
     * header may hold.
     */
    public static String requireKey(String key, String owner, Function<String, ? extends RuntimeException> invalid) {
        String stripped = key.strip();
        if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw invalid.apply(
                    "The key of " + owner + " must consist of visible ASCII characters. Check where it comes from.");
        }
        return stripped;
    }

    /** Appends a path, which begins with a slash, to a base address with or without one at its end. */
    public static URI resolve(URI base, String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }
}
