package io.memos4j.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes server-sent events from bytes that come in pieces, after the rules of WHATWG (HTML Living Standard, section
 * 9.2.6, "Interpreting an event stream"): lines end with CR, LF or both; a byte order mark at the beginning is skipped;
 * an event is dispatched at an empty line only, so that one that broke off is none. Not thread-safe.
 */
public final class ServerSentEventDecoder {
    private static final String DEFAULT_TYPE = "message";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final int maxBytes;
    private final Set<String> dataFields;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String lastEventId = "";
    private Optional<Duration> reconnectionTime = Optional.empty();
    private boolean afterCarriageReturn;
    private boolean begun;

    /** Creates a decoder that refuses lines and events of more than {@code maxBytes}. */
    public ServerSentEventDecoder(int maxBytes) {
        this(maxBytes, Set.of("data"));
    }

    private ServerSentEventDecoder(int maxBytes, Set<String> dataFields) {
        this.maxBytes = maxBytes;
        this.dataFields = dataFields;
    }

    /** Creates a decoder that takes the fields {@code error} of llama-server before b6000 for data too. */
    public static ServerSentEventDecoder withErrorFields(int maxBytes) {
        return new ServerSentEventDecoder(maxBytes, Set.of("data", "error"));
    }

    /**
     * Returns the events that these bytes complete.
     *
     * @throws HttpCallException {@link HttpFailureKind#ANSWER_TOO_LARGE}; the decoder is of no use then
     */
    public List<ServerSentEvent> decode(byte[] bytes) throws HttpCallException {
        List<ServerSentEvent> events = new ArrayList<>();
        for (byte each : bytes) {
            boolean endsPair = afterCarriageReturn && each == '\n';
            afterCarriageReturn = each == '\r';
            if (endsPair) {
                continue;
            }
            if (each == '\n' || each == '\r') {
                takeLine().ifPresent(events::add);
            } else {
                line.write(each);
                requireBounded(line.size());
            }
        }
        return events;
    }

    /** The last valid field {@code retry}: how long a client is to wait before it connects again. */
    public Optional<Duration> reconnectionTime() {
        return reconnectionTime;
    }

    private Optional<ServerSentEvent> takeLine() throws HttpCallException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!begun && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(BYTE_ORDER_MARK.length());
        }
        begun = true;
        if (text.isEmpty()) {
            return dispatch();
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            takeField(text, "");
        } else if (colon > 0) {
            int value = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
            takeField(text.substring(0, colon), text.substring(value));
        }
        return Optional.empty();
    }

    private Optional<ServerSentEvent> dispatch() {
        Optional<ServerSentEvent> event = data.length() == 0
                ? Optional.empty()
                : Optional.of(new ServerSentEvent(
                        type.isEmpty() ? DEFAULT_TYPE : type, data.substring(0, data.length() - 1), lastEventId));
        data.setLength(0);
        type = "";
        return event;
    }

    private void takeField(String name, String value) throws HttpCallException {
        if (dataFields.contains(name)) {
            data.append(value).append('\n');
            requireBounded(data.length());
        } else if (name.equals("event")) {
            type = value;
        } else if (name.equals("id") && value.indexOf('\0') < 0) {
            lastEventId = value;
        } else if (name.equals("retry") && value.matches("[0-9]{1,18}")) {
            reconnectionTime = Optional.of(Duration.ofMillis(Long.parseLong(value)));
        }
    }

    private void requireBounded(int bytes) throws HttpCallException {
        if (bytes > maxBytes) {
            throw HttpCallException.tooLarge(maxBytes);
        }
    }
}
