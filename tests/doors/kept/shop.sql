CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(200) UNIQUE, nick VARCHAR(40), created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE categories (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE, parent_id INTEGER REFERENCES categories(id));
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(120) NOT NULL, price NUMERIC(10,2) NOT NULL
    CHECK (price >= 0), stock INTEGER NOT NULL DEFAULT 0 CHECK (stock >= 0 AND stock <= 100000), status VARCHAR(20)
    NOT NULL DEFAULT 'draft' CHECK (status IN ('draft','live')), picture BLOB, category_id INTEGER NOT NULL
    REFERENCES categories(id), seller_id INTEGER NOT NULL REFERENCES users(id), made_at DATETIME NOT NULL, UNIQUE (name, category_id));
CREATE TABLE tags (id INTEGER PRIMARY KEY, label VARCHAR(40) NOT NULL);
CREATE TABLE product_tags (product_id INTEGER NOT NULL REFERENCES products(id), tag_id INTEGER NOT NULL
    REFERENCES tags(id), PRIMARY KEY (product_id, tag_id));
CREATE TABLE order_lines (order_no INTEGER NOT NULL, line INTEGER NOT NULL, quantity INTEGER NOT NULL
    CHECK (quantity > 0), PRIMARY KEY (order_no, line));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('abc123');
INSERT INTO users (id,email,nick) VALUES (7,'ada@example.org','ada');
INSERT INTO categories VALUES (1, 'all', NULL),(2,'wood',1);
INSERT INTO products VALUES (11,'Oak
board',12.5,3,'live',x'00ff',2,7,'2024-05-06 07:08:09'),(12,'Ash',3,0,'draft',NULL,1,7,'2024-05-06 07:08:09.123456');
INSERT INTO tags VALUES (5,'raw'); INSERT INTO product_tags VALUES (11,5);
INSERT INTO order_lines VALUES (1,1,4);
