package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.server.facade.PromptTokenBudget;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources of each cube: the user's profile ({@code memory://{cube}/profile}) and recent memories
 * ({@code memory://{cube}/recent}).
 */
final class McpResources {
    private static final Logger LOG = LoggerFactory.getLogger(McpResources.class);
    private static final Pattern URI = Pattern.compile("memory://([^/]+)/(profile|recent)");
    private static final String TYPE = "text/plain";
    private static final int TOKENS = 4_000;
    private static final int MAX_RESOURCES = 100;

    private McpResources() {}

    /** A resource of a cube. */
    private enum ResourceKind {
        PROFILE("profile", "The user's profile, preferences and standing instructions."),
        RECENT("recent", "The most recent memories, newest first.");

        private final String path;
        private final String description;

        ResourceKind(String path, String description) {
            this.path = path;
            this.description = description;
        }

        ListRequest request() {
            ListRequest newest = ListRequest.first().limit(MAX_RESOURCES).sortedBy(ListRequest.Sort.NEWEST);
            return switch (this) {
                case RECENT -> newest.where(Filter.RECALLED);
                case PROFILE -> newest.where(Filter.and(Filter.RECALLED, StandingMemory.FILTER));
            };
        }
    }

    static List<ResourceTemplate> templates() {
        return Stream.of(ResourceKind.values())
                .map(kind -> ResourceTemplate.builder("memory://{cube}/" + kind.path, kind.path)
                        .description(kind.description)
                        .mimeType(TYPE)
                        .build())
                .toList();
    }

    /** Returns the resources of the default cube, for clients that do not support templates. */
    static List<McpSchema.Resource> defaultResources(String cube) {
        return Stream.of(ResourceKind.values())
                .map(kind -> McpSchema.Resource.builder("memory://" + encoded(cube) + "/" + kind.path, kind.path)
                        .description(kind.description)
                        .mimeType(TYPE)
                        .build())
                .toList();
    }

    private static String encoded(String cube) {
        return URLEncoder.encode(cube, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static ReadResourceResult read(McpAccess access, String uri) {
        try {
            Matcher parts = URI.matcher(uri);
            if (!parts.matches()) {
                throw MemoryException.invalid("There is no such resource.");
            }
            String cube = URLDecoder.decode(parts.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            ResourceKind kind =
                    parts.group(2).equals(ResourceKind.PROFILE.path) ? ResourceKind.PROFILE : ResourceKind.RECENT;
            String text = text(cube, access.cube(cube, Permission.READ), kind);
            return new ReadResourceResult(List.of(new TextResourceContents(uri, TYPE, text)));
        } catch (MemoryException e) {
            throw error(e.code(), e.getMessage(), uri);
        } catch (IllegalArgumentException e) {
            throw error(ErrorCode.INVALID_ARGUMENT, "The name of the cube is not properly URL-encoded.", uri);
        } catch (RuntimeException e) {
            LOG.error("Resource {} failed", uri, e);
            throw error(ErrorCode.INTERNAL, "Internal error. The server's log has the cause.", uri);
        }
    }

    private static String text(String name, MemCube cube, ResourceKind kind) {
        List<MemoryItem> items = cube.list(kind.request()).items();
        List<McpMemoryView> all = kind == ResourceKind.PROFILE
                ? StandingMemory.current(items).stream()
                        .map(stated -> new McpMemoryView(stated.item(), stated.text()))
                        .toList()
                : items.stream().map(McpMemoryView::of).toList();
        return ReadingTools.listed(name, all, new PromptTokenBudget(TOKENS)).text();
    }

    private static McpError error(ErrorCode code, String message, String uri) {
        int number = switch (code) {
            case CUBE_NOT_FOUND, INVALID_ARGUMENT -> McpSchema.ErrorCodes.RESOURCE_NOT_FOUND;
            default -> McpSchema.ErrorCodes.INTERNAL_ERROR;
        };
        return McpError.builder(number)
                .message(message)
                .data(Map.of("code", code.id(), "uri", uri))
                .build();
    }
}
