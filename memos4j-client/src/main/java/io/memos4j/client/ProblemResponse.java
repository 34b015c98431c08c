package io.memos4j.client;

import tools.jackson.databind.JsonNode;

/** An error answer of the server, or a failure of the client in the same form. */
record ProblemResponse(String code, int status, String detail, boolean retryable, String requestId) {
    private static final int SHOWN = 200;
    private static final int SERVER_ERROR = 500;

    static ProblemResponse local(String code, String detail, boolean retryable) {
        return new ProblemResponse(code, 0, detail, retryable, "");
    }

    /** Parses an error answer, which may also come from a gateway in front of the server. */
    static ProblemResponse of(int status, String body) {
        try {
            JsonNode json = ClientJson.read(body);
            if (json.has("code")) {
                return new ProblemResponse(
                        json.path("code").asString(),
                        status,
                        json.path("detail").asString(""),
                        json.path("retryable").asBoolean(false),
                        json.path("request_id").asString(""));
            }
        } catch (MemoryClientException e) {
            // Not from the memory server: reported as text below.
        }
        String text = body.strip();
        return new ProblemResponse(
                MemoryClientException.UNEXPECTED_ANSWER,
                status,
                "Status " + status + (text.isEmpty() ? "" : ": " + text.substring(0, Math.min(SHOWN, text.length()))),
                status > SERVER_ERROR,
                "");
    }
}
