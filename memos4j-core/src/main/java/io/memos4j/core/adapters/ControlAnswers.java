package io.memos4j.core.adapters;

import java.util.ArrayList;
import java.util.List;

/**
 * Generates control answers of the same form as a given one that no model was ever taught, by rotating its letters and
 * digits.
 */
final class ControlAnswers {
    private static final int MAX_CONTROLS = 3;

    private ControlAnswers() {}

    /** Returns at most {@value #MAX_CONTROLS} control answers; none if all letters are alike. */
    static List<String> of(String answer) {
        int[] points = answer.codePoints().toArray();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            if (Character.isLetterOrDigit(points[i])) {
                places.add(i);
            }
        }
        List<String> controls = new ArrayList<>();
        for (int by = 1; by < places.size() && controls.size() < MAX_CONTROLS; by++) {
            String turned = rotate(points, places, by);
            if (!turned.equalsIgnoreCase(answer) && !controls.contains(turned)) {
                controls.add(turned);
            }
        }
        return controls;
    }

    private static String rotate(int[] points, List<Integer> places, int by) {
        int[] turned = points.clone();
        for (int i = 0; i < places.size(); i++) {
            int from = points[places.get((i + by) % places.size())];
            int at = places.get(i);
            turned[at] = Character.isUpperCase(points[at]) ? Character.toUpperCase(from) : Character.toLowerCase(from);
        }
        return new String(turned, 0, turned.length);
    }
}
