package io.memos4j.models.langchain4j;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.WaitLimit;
import io.memos4j.spi.models.Reranker;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A reranker behind {@code POST /rerank}, the route of Cohere, Jina, llama-server and vLLM. Thread-safe.
 *
 * <p>It sends {@code {"model", "query", "documents"}} and reads {@code {"results": [{"index", "relevance_score"}]}}. It
 * also accepts {@code score} instead of {@code relevance_score}, and a bare array of results. A call is tried once.
 * Closing ends running calls with {@link io.memos4j.api.ErrorCode#CLOSED}.
 */
public final class HttpReranker implements Reranker {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int MAX_ANSWER_BYTES = 1 << 26;
    private static final int MAX_FAILURE_BYTES = 4_000;

    private final ModelEndpoint endpoint;
    private final ModelFailureMapper failures;
    private final HttpTransport transport =
            new HttpTransport(ModelEndpoint.clientBuilder().build());

    private HttpReranker(ModelEndpoint endpoint) {
        this.endpoint = endpoint;
        this.failures = endpoint.failures("http");
    }

    /**
     * Creates a reranker.
     *
     * @param endpoint with the path, for example {@code http://localhost:8080/rerank}
     * @param apiKey sent as a bearer token; empty if the server asks for none
     */
    public static HttpReranker at(URI endpoint, String apiKey, String model) {
        return new HttpReranker(new ModelEndpoint(endpoint, apiKey, model));
    }

    @Override
    public String id() {
        return failures.id();
    }

    @Override
    public List<Double> score(String query, List<String> texts, Duration timeout) {
        if (texts.isEmpty()) {
            return List.of();
        }
        try (HttpResponseStream response = transport.send(request(query, texts), WaitLimit.whole(timeout))) {
            if (!response.isSuccess()) {
                throw response.failure(MAX_FAILURE_BYTES);
            }
            return scores(response.readText(MAX_ANSWER_BYTES), texts.size());
        } catch (HttpCallException e) {
            throw failures.of(e, timeout);
        } catch (InterruptedException e) {
            throw failures.interrupted();
        }
    }

    private HttpRequest request(String query, List<String> texts) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", endpoint.model()).put("query", query);
        ArrayNode documents = body.putArray("documents");
        texts.forEach(documents::add);
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.address())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!endpoint.key().isEmpty()) {
            request.header("Authorization", "Bearer " + endpoint.key());
        }
        return request.build();
    }

    private List<Double> scores(String body, int count) {
        JsonNode root = parse(body);
        JsonNode results = root.isArray() ? root : root.path("results");
        if (!results.isArray()) {
            throw failures.unusableAnswer("it holds no results");
        }
        Double[] scores = new Double[count];
        for (JsonNode result : results) {
            int index = index(result, count);
            if (scores[index] != null) {
                throw failures.unusableAnswer("text " + index + " is scored twice");
            }
            scores[index] = score(result);
        }
        int missing = Arrays.asList(scores).indexOf(null);
        if (missing >= 0) {
            throw failures.unusableAnswer("text " + missing + " of " + count + " has no score");
        }
        return List.of(scores);
    }

    private JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw failures.unusableAnswer("it is not JSON");
        }
    }

    private int index(JsonNode result, int count) {
        JsonNode index = result.path("index");
        if (!index.isIntegralNumber() || !index.canConvertToInt()) {
            throw failures.unusableAnswer("a result has no index");
        }
        if (index.asInt() < 0 || index.asInt() >= count) {
            throw failures.unusableAnswer("a result has index " + index.asInt() + ", of " + count + " texts");
        }
        return index.asInt();
    }

    private double score(JsonNode result) {
        JsonNode score = result.has("relevance_score") ? result.path("relevance_score") : result.path("score");
        if (!score.isNumber() || !Double.isFinite(score.asDouble())) {
            throw failures.unusableAnswer("a result has no score");
        }
        return score.asDouble();
    }

    @Override
    public void close() {
        transport.close();
    }
}
