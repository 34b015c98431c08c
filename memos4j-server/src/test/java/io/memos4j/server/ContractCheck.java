package io.memos4j.server;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Validates responses of the native API against {@code openapi.yaml}. */
final class ContractCheck {
    private static final String HOME = "urn:memos4j:openapi";
    private static final JsonNode DOCUMENT = read();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(HOME, DOCUMENT.toString())));
    private static final Map<String, Schema> KNOWN = new ConcurrentHashMap<>();

    private ContractCheck() {}

    private static JsonNode read() {
        try (InputStream in = MemoryServer.class.getResourceAsStream("v1/openapi.yaml")) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns every operation, such as {@code GET /v1/cubes}. */
    static TreeSet<String> operations() {
        TreeSet<String> operations = new TreeSet<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(name -> !name.equals("parameters"))
                        .forEach(method ->
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Finds the contract's path for a URL; paths without parameters take precedence. */
    private static Optional<String> path(String address) {
        String bare = address.split("\\?", 2)[0];
        return DOCUMENT.get("paths").propertyNames().stream()
                .filter(path -> bare.matches(path.replaceAll("\\{[^}]+}", "[^/]+")))
                .min(java.util.Comparator.comparing(path -> path.contains("{")));
    }

    static void check(String method, String address, int status, String type, JsonNode body) {
        Optional<String> path = path(address);
        if (path.isEmpty() || method.equals("HEAD")) {
            return;
        }
        JsonNode operation = DOCUMENT.get("paths").get(path.get()).get(method.toLowerCase(java.util.Locale.ROOT));
        if (operation == null) {
            return;
        }
        String pointer = pointer("paths", path.get(), method.toLowerCase(java.util.Locale.ROOT), "responses");
        boolean named = operation.get("responses").has(Integer.toString(status));
        assertThat(named || status >= 400)
                .as("%s %s answers %d, which its contract does not know", method, address, status)
                .isTrue();
        String response = pointer + "/" + (named ? status : "default");
        JsonNode described = DOCUMENT.at(response);
        if (described.has("$ref")) {
            response = described.get("$ref").stringValue().substring(1);
            described = DOCUMENT.at(response);
        }
        if (!described.has("content")) {
            assertThat(body).as("%s %s has no body", method, address).isEmpty();
            return;
        }
        String media = type.split(";", 2)[0];
        assertThat(described.get("content").has(media))
                .as("%s %s answers with %s", method, address, media)
                .isTrue();
        if (media.equals("application/json") || media.endsWith("+json")) {
            Schema schema = KNOWN.computeIfAbsent(
                    response + pointer("content", media, "schema"),
                    at -> SCHEMAS.getSchema(SchemaLocation.of(HOME + "#" + at)));
            List<Error> errors = schema.validate(
                    body, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
            assertThat(errors)
                    .as("%s %s → %d %s", method, address, status, body)
                    .isEmpty();
        }
    }

    private static String pointer(String... names) {
        return String.join(
                "",
                Stream.of(names)
                        .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                        .toList());
    }
}
