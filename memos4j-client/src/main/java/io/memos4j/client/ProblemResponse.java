package io.memos4j.client;

import tools.jackson.databind.JsonNode;

/** A failure as the server tells it. */
record ProblemResponse(String code, int status, String detail, boolean retryable, String requestId) {
    private static final int SHOWN = 200;
    private static final int SERVER_ERROR = 500;

    static ProblemResponse local(String code, String detail, boolean retryable) {
        return new ProblemResponse(code, 0, detail, retryable, "");
    }

    /** From an answer, which may come from something in front of the server. */
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
            // Not of the memory server: told as it is below.
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
