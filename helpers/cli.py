def main():
    print("downhill")
