import com.baomidou.mybatisplus.annotation.EnumValue;
import com.baomidou.mybatisplus.annotation.IdType;
import com.baomidou.mybatisplus.annotation.TableField;
import com.baomidou.mybatisplus.annotation.TableId;
import com.baomidou.mybatisplus.annotation.TableName;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Prints one line a column of every MyBatis-Plus entity in a jar: table, column, kind, identity, separated by tabs. */
public class EntityColumns {
    private static final Map<Class<?>, String> KINDS = Map.ofEntries(
        Map.entry(long.class, "long"), Map.entry(Long.class, "long"),
        Map.entry(int.class, "int"), Map.entry(Integer.class, "int"),
        Map.entry(short.class, "short"), Map.entry(byte.class, "byte"),
        Map.entry(boolean.class, "boolean"), Map.entry(Boolean.class, "boolean"),
        Map.entry(double.class, "double"), Map.entry(Double.class, "double"),
        Map.entry(float.class, "float"), Map.entry(Float.class, "float"),
        Map.entry(Date.class, "date"), Map.entry(String.class, "text"));

    public static void main(String[] args) throws Exception {
        try (ZipFile jar = new ZipFile(args[0])) {
            jar.stream().map(entry -> entry.getName())
                .filter(name -> name.startsWith("org/apache/dolphinscheduler/dao/entity/") && name.endsWith(".class"))
                .map(name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')))
                .filter(entity -> entity.isAnnotationPresent(TableName.class))
                .forEach(EntityColumns::print);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void print(Class<?> entity) {
        String table = entity.getAnnotation(TableName.class).value();
        Stream.<Class<?>>iterate(entity, type -> type != Object.class, Class::getSuperclass)
            .flatMap(type -> Stream.of(type.getDeclaredFields()))
            .filter(EntityColumns::isStored)
            .forEach(field -> System.out.println(String.join("\t", table, column(field), kind(field.getType()), identity(field))));
    }

    private static boolean isStored(Field field) {
        int modifiers = field.getModifiers();
        TableField declared = field.getAnnotation(TableField.class);
        return !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)
            && (declared == null || declared.exist()) && !kind(field.getType()).isEmpty();
    }

    private static String column(Field field) {
        TableId id = field.getAnnotation(TableId.class);
        TableField declared = field.getAnnotation(TableField.class);
        String given = id != null ? id.value() : declared != null ? declared.value() : "";
        if (!given.isEmpty()) {
            return given.replace("`", "");
        }
        return field.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** Empty for lists, maps and other values that no column holds. */
    private static String kind(Class<?> type) {
        if (!type.isEnum()) {
            return KINDS.getOrDefault(type, "");
        }
        boolean text = Stream.of(type.getDeclaredFields())
            .filter(field -> field.isAnnotationPresent(EnumValue.class))
            .map(Field::getType).findFirst().map(String.class::equals).orElse(true);
        return text ? "enum-text" : "enum-int";
    }

    private static String identity(Field field) {
        TableId id = field.getAnnotation(TableId.class);
        return id == null ? "" : id.type() == IdType.AUTO ? "auto" : "given";
    }
}
