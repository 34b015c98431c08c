package io.memos4j.server.http;

/**
 * The size of a JSON text, counted without parsing it: a body of 30 MB may have ten million values, which take a
 * hundred times its memory once they are parsed. Exact for JSON in UTF-8; other input is left to the parser.
 *
 * @param values at least the number of its values
 * @param longestList the most entries of an array or an object
 */
record JsonSize(int values, int longestList) {
    static JsonSize of(byte[] json) {
        int[] entries = new int[BoundedJson.DEPTH + 2];
        int depth = 0;
        int values = 1;
        int longest = 0;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte each = json[i];
            if (inString) {
                i += each == '\\' ? 1 : 0;
                inString = each != '"';
            } else if (each == '"') {
                inString = true;
            } else if (each == ',') {
                values++;
                longest = Math.max(longest, ++entries[depth] + 1);
            } else if (each == '[' || each == '{') {
                values++;
                depth++;
                if (depth >= entries.length) {
                    break;
                }
                entries[depth] = 0;
            } else if (each == ']' || each == '}') {
                depth = Math.max(0, depth - 1);
            }
        }
        return new JsonSize(values, longest);
    }
}
