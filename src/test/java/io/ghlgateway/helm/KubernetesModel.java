package io.ghlgateway.helm;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An object of Kubernetes held against the class that its own client has for it: no field that the class does not know, none
 * of another type, and all that must be there. As strict as {@code kubectl apply --validate=strict}.
 */
final class KubernetesModel {

    private static final String CORE = "io.kubernetes.client.openapi.models.";
    private static final String MONITORING = "com.coreos.monitoring.models.";
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("v1/ConfigMap", CORE + "V1ConfigMap"),
            Map.entry("v1/Service", CORE + "V1Service"),
            Map.entry("v1/ServiceAccount", CORE + "V1ServiceAccount"),
            Map.entry("apps/v1/StatefulSet", CORE + "V1StatefulSet"),
            Map.entry("apps/v1/Deployment", CORE + "V1Deployment"),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", CORE + "V2HorizontalPodAutoscaler"),
            Map.entry("networking.k8s.io/v1/Ingress", CORE + "V1Ingress"),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", CORE + "V1NetworkPolicy"),
            Map.entry("policy/v1/PodDisruptionBudget", CORE + "V1PodDisruptionBudget"),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", MONITORING + "V1ServiceMonitor"),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", MONITORING + "V1PrometheusRule"));

    private static final Pattern QUANTITY = Pattern.compile("\\d+(\\.\\d+)?(m|k|[KMGTPE]i?)?");

    private final List<String> problems = new ArrayList<>();

    private KubernetesModel() {}

    /** @return all that is wrong with it, each with its place */
    static List<String> problems(Map<String, Object> object) {
        var kind = object.get("apiVersion") + "/" + object.get("kind");
        var known = CLASSES.get(kind);
        if (known == null) {
            return List.of(kind + ": not expected of this chart");
        }
        var model = new KubernetesModel();
        try {
            model.check(String.valueOf(object.get("kind")), object, Class.forName(known));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return model.problems;
    }

    private void check(String place, Object value, Type type) throws ReflectiveOperationException {
        if (value == null) {
            problems.add(place + ": null");
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            checkList(place, value, generic.getActualTypeArguments()[0]);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            checkMap(place, value, generic.getActualTypeArguments()[1]);
        } else if (!isScalar(type)) {
            checkFields(place, value, (Class<?>) type);
        } else if (!fits(value, type)) {
            problems.add(place + ": " + value.getClass().getSimpleName() + " in the place of " + type.getTypeName());
        }
    }

    private void checkList(String place, Object value, Type item) throws ReflectiveOperationException {
        if (!(value instanceof List<?> list)) {
            problems.add(place + ": no list");
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            check(place + "[" + i + "]", list.get(i), item);
        }
    }

    private void checkMap(String place, Object value, Type item) throws ReflectiveOperationException {
        if (!(value instanceof Map<?, ?> map)) {
            problems.add(place + ": no map");
            return;
        }
        for (var entry : map.entrySet()) {
            check(place + "." + entry.getKey(), entry.getValue(), item);
        }
    }

    private void checkFields(String place, Object value, Class<?> model) throws ReflectiveOperationException {
        if (!(value instanceof Map<?, ?> fields)) {
            problems.add(place + ": no object");
            return;
        }
        for (var entry : fields.entrySet()) {
            var at = place + "." + entry.getKey();
            var field = field(model, entry.getKey());
            if (field.isEmpty()) {
                problems.add(at + ": no such field");
            } else {
                check(at, entry.getValue(), field.get().getGenericType());
            }
        }
        for (var required : required(model)) {
            if (!fields.containsKey(required)) {
                problems.add(place + ": without " + required);
            }
        }
    }

    private static Optional<Field> field(Class<?> model, Object name) {
        return Arrays.stream(model.getDeclaredFields())
                .filter(field -> {
                    var serialized = field.getAnnotation(SerializedName.class);
                    return serialized != null && serialized.value().equals(name);
                })
                .findFirst();
    }

    private static Set<?> required(Class<?> model) throws ReflectiveOperationException {
        for (var field : model.getFields()) {
            if (field.getName().equals("openapiRequiredFields")) {
                return (Set<?>) field.get(null);
            }
        }
        return Set.of(); // the models of the Prometheus operator do not say
    }

    private static boolean isScalar(Type type) {
        return type instanceof Class<?> plain
                && (plain.getName().startsWith("java.") || plain == IntOrString.class || plain == Quantity.class);
    }

    private static boolean fits(Object value, Type type) {
        boolean isInteger = value instanceof Integer || value instanceof Long;
        if (type == Object.class) {
            return true;
        }
        if (type == Quantity.class) {
            return isInteger
                    || value instanceof String text && QUANTITY.matcher(text).matches();
        }
        if (type == IntOrString.class) {
            return isInteger || value instanceof String;
        }
        if (type == Integer.class || type == Long.class) {
            return isInteger;
        }
        return ((Class<?>) type).isInstance(value);
    }
}
